"""Files as other programs make them: many at once by LibreOffice, web pages printed by Chromium."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from browser.app_server import chromium

from gdcore.readers import office

TIMEOUT = 300  # seconds for all files of a call
NO_OFFICE = "LibreOffice (soffice) is not installed: what it makes is not measured."
NO_CHROMIUM = "Chromium is not installed: what it prints is not measured; install it or name it in CHROMIUM."


def by_office(files: Mapping[str, bytes], ending: str) -> dict[str, bytes]:
    """Files of Word by name in another format, made in one call; those that were not made are missing."""
    with TemporaryDirectory(prefix="gdcore-") as folder:
        made = Path(folder, "made")
        paths = []
        for name, data in files.items():
            paths.append(Path(folder, f"{name}.docx"))
            paths[-1].write_bytes(data)
        profile = Path(folder, "profile").as_uri()
        subprocess.run(
            [str(office.program()), f"-env:UserInstallation={profile}", "--headless", "--norestore",
             "--convert-to", ending, "--outdir", str(made), *map(str, paths)],
            check=True, capture_output=True, timeout=TIMEOUT,
        )  # fmt: skip
        return {path.stem: path.read_bytes() for path in made.iterdir()}


def by_chromium(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Web pages by name as the PDF files that one browser prints."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        printed = {}
        for name, data in files.items():
            page.set_content(data.decode("utf-8"))
            printed[name] = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "20mm"))
        browser.close()
        return printed
