"""Formats that replace Django's, by language (`FORMAT_MODULE_PATH`)."""
