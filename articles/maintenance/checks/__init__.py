"""Checks what is stored against itself, table by table."""
