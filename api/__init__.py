"""HTTP: JSON routes and pages. Thin: parse, authorise, call an action, render."""
