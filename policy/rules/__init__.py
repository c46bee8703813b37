"""The rules, one file per domain; each ends in its explicit tuple."""
