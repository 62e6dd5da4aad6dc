# Everything that a newcomer needs: `make quickstart` and `make test`. Both install what they need
# (Debian packages, by scripts/setup) and build what they run.

CARGO ?= cargo

.PHONY: quickstart test full build check bench bench-mount bench-steps crash fuzz setup clean

# The whole main job on this machine, with real daemons and a real Debian root filesystem.
quickstart:
	scripts/setup --quickstart $(if $(findstring --boot,$(ARGS)),qemu-system-x86)
	$(CARGO) build --profile quickstart --locked -p publish-cli -p imaged -p unpackd -p awssim --bins
	./target/quickstart/publish-cli quickstart $(ARGS)

# All tests, lints among them. Tests that need root, loop devices or mounts skip themselves with a
# loud line where they cannot run.
test: setup check
	$(CARGO) build --locked --bins
	scripts/run-tests

# What takes longer than CI has time for: volumes of other releases and of arm64 that boot, a kernel that is
# built for one of them, publishers that are killed at many moments, moto's opinion on our signatures.
full: setup
	scripts/setup qemu-system-arm qemu-efi-aarch64 qemu-user-static python3-venv \
		linux-source-6.1 flex bison bc libelf-dev
	$(CARGO) build --locked --bins
	scripts/vendor-aws-sdk --fetch --check
	$(CARGO) nextest run --workspace --locked --profile full --run-ignored only -E "test(full_)"

# Format, lints, documentation.
check:
	scripts/check

# Every moment at which the power may be lost, and every operation that may fail.
crash: setup
	IMPRINT_CRASH_SEEDS=40 $(CARGO) nextest run --profile crash --release --locked -p unpackd \
		--test crash --test durable
	IMPRINT_CRASH_SEEDS=40 $(CARGO) nextest run --profile crash --release --locked -p store --test gc_crash

build: setup
	$(CARGO) build --release --locked --bins

# Our figures beside those of the tools that users would pick, and of single steps:
# docs/performance.md.
bench: build
	scripts/setup ostree casync restic openssl
	./target/release/unpack $(ARGS)

# A mounted image beside ext4: make bench-mount TREE=/srv/rootfs
bench-mount: build
	./target/release/look $(TREE) $(ARGS)

# Single steps: hashing, zstd, manifests, plans.
bench-steps:
	$(CARGO) bench --locked -p benches

# Each fuzz target for a minute (needs a nightly toolchain and cargo-fuzz).
fuzz:
	scripts/fuzz

setup:
	scripts/setup

clean:
	$(CARGO) clean
