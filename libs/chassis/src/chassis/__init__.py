"""The frame every service of Funia is bolted to. Holds nothing a customer would recognise."""
