"""The rules, one module a family. Every `Rule` in them is in the catalogue; nothing needs to be registered."""

from __future__ import annotations

import sys

from gdcore.catalogue import Catalogue

CATALOGUE = Catalogue.of_package(sys.modules[__name__])
