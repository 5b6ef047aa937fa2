"""What is measured, as ratios to reference points taken in the same run. `python -m bench` runs all."""
