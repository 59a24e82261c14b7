"""Invented reports in every layout that real ones are printed in, each with what its cells print: the accuracy gate."""
