"""What workloads W1, W1f and W4 ask of the table that the bench `road` makes."""

OUTCOMES = [f"y{k:02}" for k in range(1, 23)]
COVARIATES = ["age", "parity", "background", "income", "education", "urbanisation", "household"]
TREATED = [f"R{r:02}" for r in range(6)]
COMPARISONS = [range(6, 26), range(26, 33), range(40, 60)]
