"""What keeps the data: a backup in one file, the way back from it, and whether all that is stored is sound.

`backup` and `restore` know the database at hand by `sqlite` or `postgresql`; `verify` runs the checks of `pages`,
`mentions`, `records`, `loads` and `derived`.
"""
