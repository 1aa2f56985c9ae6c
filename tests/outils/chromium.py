"""Trouve Chromium, ou l'obtient : `python -m tests.outils.chromium`, appelé par make test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.outils.navigateur import chemin_chromium


def present() -> bool:
    """Vrai si un navigateur du système ou de Playwright est là."""
    if chemin_chromium():
        return True
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def obtenir() -> bool:
    """Essaie `playwright install chromium`, puis apt quand on est root ; dit si un navigateur est là."""
    essais = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        essais += [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    for essai in essais:
        print("Chromium manque :", " ".join(essai), flush=True)
        subprocess.run(essai, check=False)
        if present():
            return True
    return False


if __name__ == "__main__":
    if not present() and not obtenir():
        sys.exit(
            "Chromium est introuvable : installez-le (« playwright install chromium » ou « apt install chromium »)."
        )
