"""Drawings as whole numbers that templates draw as SVG."""
