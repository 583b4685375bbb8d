# Works with GNU make 3.81 and later (macOS ships that one).

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; \
	done)
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command 'make lock'

# Compiled modules are kept, whatever the caller's environment says: every start after the first
# one is then seconds faster.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONHOME
unexport PYTHONPATH

.PHONY: run demo test check soak bench lint lock clean

# exec and the parent's number: the program ends when this make is killed in any way. Whoever types
# make wants the link, wherever the output goes; under a service manager use `orderboard run`.
run: $(VENV)/run.stamp
	@exec $(VENV)/bin/orderboard run --with-link --with-parent "$$PPID"

demo: $(VENV)/run.stamp
	@exec $(VENV)/bin/orderboard demo $(if $(PACE),--pace "$(PACE)") --with-link --with-parent "$$PPID"

# Three files at a time: a third of the time tests wait for servers and browsers. They keep their
# order, so that what takes minutes is not left for the end, when the others have nothing more to do.
test: lint
	$(VENV)/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations 40 --second-look

# For the work in between: no browser, no database server, not the whole product.
check: lint
	$(VENV)/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --quick

# Faults from one random seed after the other for SOAK seconds; SEED= (and DATABASE=sqlite or
# postgresql) lets one storm pass again.
soak: $(VENV)/test.stamp
	$(VENV)/bin/python -m tests.faults.soak --seconds "$(or $(SOAK),600)" \
		$(if $(SEED),--seed "$(SEED)") $(if $(DATABASE),--database "$(DATABASE)")

lint: $(VENV)/test.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

bench: $(VENV)/test.stamp
	$(VENV)/bin/python -m benchmarks

# Needs the program uv; for those who change the dependencies.
lock:
	$(COMPILE) --group build --upgrade --output-file requirements.lock
	$(COMPILE) --group build --group test --constraint requirements.lock \
		--output-file requirements-test.lock

clean:
	rm -rf $(VENV)

# Debian's Python makes whole environments only with the package python3-venv; where there is pip,
# that will do as well.
$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "orderboard needs Python 3.11 or newer; none was found."; exit 1; }
	@echo "Making $(VENV) with $$("$(PYTHON)" --version) ..."
	@if "$(PYTHON)" -c 'import ensurepip' 2>/dev/null; then "$(PYTHON)" -m venv $(VENV); \
	elif "$(PYTHON)" -m pip --version >/dev/null 2>&1; then \
		"$(PYTHON)" -m venv --without-pip $(VENV) && \
		"$(PYTHON)" -m pip --quiet --python $(VENV)/bin/python install pip; \
	else echo "$(PYTHON) has neither venv nor pip; on Debian: apt install python3-venv"; exit 1; \
	fi || { rm -rf $(VENV); exit 1; }

# The files are compiled when they are first used, which installs in half the time.
$(VENV)/run.stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what requirements.lock names ..."
	@$(PIP) install --no-compile --require-hashes -r requirements.lock
	@$(PIP) install --no-compile --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: requirements-test.lock $(VENV)/run.stamp
	@echo "Installing what requirements-test.lock names ..."
	@$(PIP) install --no-compile --require-hashes -r requirements-test.lock
	@touch $@
