"""Invented annual reports: clean ones of every kind and edition, changes to them, and files in every format."""

from gdcore.samples.changes import apply
from gdcore.samples.compose import clean
from gdcore.samples.model import Sample, Spec
from gdcore.samples.writers import write

__all__ = ["Sample", "Spec", "apply", "clean", "write"]
