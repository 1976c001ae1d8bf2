# Everything that can be said of the code without running it; called by `make check` with tests/check.env set.
step() { printf '%s\n' "-- $*"; "$@"; }
step ruff check .
step ruff format --check marketplace generation gallery payments tests docker manage.py
step mypy marketplace generation gallery payments tests manage.py
step lint-imports
step python manage.py makemigrations --check --dry-run
step python manage.py check --deploy --fail-level WARNING
drawn=$(mktemp -d)
step python manage.py spectacular --file "$drawn/openapi.yaml" --validate --fail-on-warn
step diff -u docs/openapi.yaml "$drawn/openapi.yaml"
python manage.py settings_table > "$drawn/configuration.md"
step diff -u docs/configuration.md "$drawn/configuration.md"
python manage.py draw_machines > "$drawn/machines.md"
step diff -u docs/machines.md "$drawn/machines.md"
step hadolint docker/web.Dockerfile docker/worker.Dockerfile
rm -r "$drawn"
