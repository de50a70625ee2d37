"""How fast is the workbench beside the tools people would otherwise use? Equal results required."""
