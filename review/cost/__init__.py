"""What a stack costs a month while nobody uses it, by list prices that stand in the project with source and date."""
