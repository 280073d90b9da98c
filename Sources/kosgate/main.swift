print("kosgate")
