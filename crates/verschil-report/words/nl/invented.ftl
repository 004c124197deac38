invented = Verzonnen gegevens
