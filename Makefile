# A machine with Python 3.11 or newer and make is enough; the first call of a target installs the rest into .venv.
# make PYTHON=/path/to/python3.12 up    uses that Python.    make test ARGS="tests/kernel -x"    passes ARGS on.
PYTHON ?= python3
# Some images forbid Python to keep what it compiled; then every process that starts compiles a hundred thousand lines again.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
BASE := @$(PYTHON) tools/bootstrap.py base
DEV := @$(PYTHON) tools/bootstrap.py dev
# The browser's driver leaves an event loop running in its process: pages are tested in processes of their own.
HOUSE := --ignore=tests/web
# Several files have a server of their own: a file stays with one worker, so that it starts once. Browsers wait a good deal: three on two cores.
WEB := --dist loadfile tests/web
# A busy machine gives a page or a process too little time now and then: what failed is asked once more, alone, and has to pass then.
AGAIN = { echo "What failed, once more 失败的测试重试一次"; $(BIN)/python -m pytest -n 1 --last-failed --last-failed-no-failures none
PROVE = HYPOTHESIS_PROFILE=prove $(BIN)/python -m pytest -n 2 -m "" --randomly-seed=$$seed --hypothesis-seed=$$seed
PAGES := $(BIN)/python tools/build_ui.py

.PHONY: help up down status test check prove bench wheel lint fmt lock

help: ## List the targets 列出所有目标
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile

up: ## Set up everything, start it, import the demo, print its numbers 安装、启动、导入演示数据
	$(BASE)
	@$(PAGES)
	@$(BIN)/regulars up $(ARGS)

down: ## Stop what `make up` started 停止
	$(BASE)
	@$(BIN)/regulars down

status: ## Say what runs 查看运行状态
	$(BASE)
	@$(BIN)/regulars status

test: ## All tests but the long proofs 运行测试
	$(DEV)
	@$(PAGES)
	@$(BIN)/python -m pytest -n 2 $(or $(ARGS),$(HOUSE) || $(AGAIN) $(HOUSE); })
	@$(if $(ARGS),,$(BIN)/python -m pytest -n 3 $(WEB) || $(AGAIN) $(WEB); })

check: lint ## House rules and the fast tests 检查规范并运行快速测试
	@$(BIN)/python -m pytest -n 2 -m "not slow and not prove" $(or $(ARGS),$(HOUSE))

prove: ## Everything: long properties, races, kills; the seed repeats a run 全部验证
	$(DEV)
	@seed=$${SEED:-$$($(PYTHON) -c "import secrets; print(secrets.randbelow(2**32))")}; \
	echo "seed: $$seed    make prove SEED=$$seed runs the same again"; \
	$(PAGES); \
	$(PROVE) $(or $(ARGS),$(HOUSE)) && $(if $(ARGS),true,$(PROVE) $(WEB))

# COMPILED=1 measures the rules as a wheel of one platform carries them; it needs a C compiler and Python's headers.
bench: ## Every published figure, each beside its baseline 基准测试
	$(DEV)
	@$(if $(COMPILED),$(BIN)/python tools/compile_rules.py .cache/compiled >/dev/null,true)
	@$(if $(COMPILED),PYTHONPATH=$(CURDIR)/.cache/compiled) $(BIN)/python -m bench $(ARGS)

wheel: ## The wheel in dist/, with the pages; COMPILED=1 compiles the rules for this platform 打包
	$(DEV)
	@REGULARS_COMPILE_RULES=$(COMPILED) $(BIN)/uv build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir dist
	@ls -1 dist

lint: ## Style, types, imports, house rules 静态检查
	$(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.lint
	@$(BIN)/python tools/ui_check.py

fmt: ## Format and fix what can be fixed 格式化
	$(DEV)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# No addresses in a lock, only names, versions and hashes: it works with any index.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"
lock: ## Write the locks anew; UPGRADE=--upgrade takes the newest versions 重新锁定依赖
	$(DEV)
	@$(BIN)/$(COMPILE) $(UPGRADE) --output-file requirements/uv.txt requirements/uv.in
	@$(BIN)/$(COMPILE) $(UPGRADE) --output-file requirements/base.txt pyproject.toml requirements/build.in
	@$(BIN)/$(COMPILE) $(UPGRADE) --output-file requirements/dev.txt --constraint requirements/base.txt --group dev pyproject.toml requirements/build.in
