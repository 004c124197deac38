invented = Invented data
