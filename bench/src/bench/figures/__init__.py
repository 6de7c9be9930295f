"""The figures of the table, a module a family; each measures on a Rig and gives Figures."""
