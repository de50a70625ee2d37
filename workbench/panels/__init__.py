"""Which panels are more than a declaration? One module each; ``widgets`` names them all."""
