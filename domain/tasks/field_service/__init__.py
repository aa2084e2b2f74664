"""User tasks of field service: request, visit, promised date, maintenance centre, invoice, approval (M1-M10)."""
