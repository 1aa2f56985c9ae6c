# Une page vide : le plancher auquel se rapporte toute page de l'application.
