"""L'enveloppe HTTP autour de Streamlit : en-têtes, pages publiques sans JavaScript, traduction, durée de vie.

Peut importer lib.services et lib.config. N'importe jamais streamlit : seul asgi.py fait le lien.
"""
