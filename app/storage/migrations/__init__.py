"""How a database comes to the shape of `app.storage.tables`, step by step (Alembic).

The names of the steps are repeated here so that opening an up-to-date database need not import Alembic; a test
compares them with the files. Steps go forward only: to go back, restore the copy made before the upgrade.
"""

KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
HEAD = KNOWN[-1]
