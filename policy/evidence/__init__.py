"""What is left of a judgement for others to read: SARIF, the property that a finding is about, the place to blame."""
