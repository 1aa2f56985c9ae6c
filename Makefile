# Les gestes du projet. « make » seul en donne la liste.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PORT ?= 8501
# Un processus de test par cœur ; « make test PROCESSUS=4 » pour en changer.
PROCESSUS ?= auto

.DEFAULT_GOAL := aide
.PHONY: aide run test style types unitaires bench captures propre

aide: ## Affiche cette liste
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/servir ## Installe, prépare la base (démonstration si elle est vide) et sert sur http://localhost:8501
	@$(PY) -m lib preparer --port $(PORT)
	@exec $(VENV)/bin/streamlit run asgi.py --server.port $(PORT)

test: $(VENV)/verifier style types unitaires ## Tout vérifier : style, types, tests (SQLite, PostgreSQL, vrai navigateur)

style: $(VENV)/verifier
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

types: $(VENV)/verifier
	$(VENV)/bin/mypy

unitaires: $(VENV)/verifier
	$(PY) -m tests.outils.chromium
	$(PY) -m pytest -n $(PROCESSUS) --dist worksteal

bench: $(VENV)/verifier ## Mesurer chaque page contre une page vide (plusieurs minutes)
	$(PY) -m tests.mesures.calculs
	$(PY) -m tests.mesures.banc
	$(PY) -m tests.mesures.surligneur

propre: ## Retirer l'environnement et les caches (garde data/)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis tests/resultats

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Il faut Python 3.11 ou plus récent." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/servir: requirements.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/verifier: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/servir
