"""The scoring engine: a framework and an application in, an exact and explained result out.

Pure: no Django, no database, no clock, no random source. Points are integers in hundredths, ratios are exact
fractions; rounding happens once, in `display`, where a number is shown.

The doors: `framework.load`, `answers.parse_application`, `engine.score`; then `batch`, `robustness`, `plan` and
`benchmark`, which alone load NumPy and SciPy.
"""
