"""Double codage : deux personnes codent le même entretien sans se voir, on mesure leur accord, on arbitre."""
