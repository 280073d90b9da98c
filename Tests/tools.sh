# Installs what the tests and image/try need, outside the tree. Sourced by bash; every function is quiet when there is
# nothing to do and says what it does otherwise.

# heading WORDS…: bold in a terminal, plain in a pipe or a file.
heading() {
    if [ -t 1 ]; then printf '\n\033[1m%s\033[0m\n' "$*"; else printf '\n%s\n' "$*"; fi
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}/kosgate

build_packages=(libsqlite3-dev libzstd-dev zlib1g-dev libsystemd-dev libssl-dev pkg-config)
clients_packages=(dcmtk)
system_packages=(systemd systemd-container mmdebstrap gcc libc6-dev)
peers_packages=(dcmtk dicom3tools orthanc)
bench_packages=(orthanc gcc libc6-dev)
requirements=(pynetdicom==3.0.4 pydicom==3.0.2 numpy)

# packages SET…: Debian packages of these sets that are missing.
packages() {
    local set name missing=()
    for set in "$@"; do
        local -n names=${set}_packages
        for name in "${names[@]}"; do
            [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
        done
    done
    [ ${#missing[@]} = 0 ] && return
    apt_install "${missing[@]}" || return
    # Orthanc's package brings a service that nobody asked for here.
    case " ${missing[*]} " in *" orthanc "*) service orthanc stop >/dev/null 2>&1 || true ;; esac
}

apt_install() {
    local become=()
    printf 'Installing Debian packages: %s\n' "$*"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || { printf 'Not root and no sudo: run `apt-get install %s`.\n' "$*" >&2; return 2; }
        become=(sudo)
    fi
    local options=(env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
    "${become[@]}" "${options[@]}" install -y --no-install-recommends "$@" </dev/null >/dev/null 2>&1 && return
    "${become[@]}" "${options[@]}" update </dev/null || return
    "${become[@]}" "${options[@]}" install -y --no-install-recommends "$@" </dev/null >/dev/null || return
}

# venv: a Python environment with the peers of the interoperability tests.
venv() {
    local complete
    complete=$cache/python/complete-$(printf '%s\n' "${requirements[@]}" | cksum | cut -d' ' -f1)
    [ -f "$complete" ] && return
    printf 'Making a Python environment: %s\n' "${requirements[*]}"
    rm -rf "$cache/python"
    python3 -m venv "$cache/python" 2>/dev/null || {
        apt_install python3 python3-venv && rm -rf "$cache/python" && python3 -m venv "$cache/python"
    } || return
    "$cache/python/bin/pip" -q --disable-pip-version-check install "${requirements[@]}" || return
    touch "$complete"
}

python() { printf '%s' "$cache/python/bin/python"; }

# binary: builds the release binary and exports its path as KOSGATE_BINARY, unless that is set already.
binary() {
    [ -n "${KOSGATE_BINARY:-}" ] && return
    if [ -x image/build-binary ]; then
        image/build-binary || return
    else
        swift build -c release --static-swift-stdlib --product kosgate || return
    fi
    KOSGATE_BINARY=$(swift build -c release --static-swift-stdlib --show-bin-path)/kosgate
    export KOSGATE_BINARY
}
