# debian: packages of Debian's, unpacked somewhere instead of installed. For ./dev and for setup.
# A Debian archive's URI as this machine's own entry states it.
debian_uri() {
    { cat /etc/apt/sources.list.d/*.sources 2>/dev/null | sed -n 's/^URIs: *//p' || true
      cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | sed -n 's/^deb *\(\[[^]]*\]\)\? *\([^ ]*\) .*/\2/p' || true; } |
        tr ' ' '\n' | grep -m 1 -E '/debian/?$' || true
}

# fetch DIR SUITE ARCH PACKAGE…: downloads packages of another suite or architecture (source: one package's own source) and unpacks them into
# DIR, with apt lists of its own, so that nothing is installed system-wide. closure=PATTERN: with what they depend on, as far as its
# name matches.
fetch() {
    local dir=$1 suite=$2 arch=$3; shift 3
    local all=("$@") type=deb
    local apt=$dir.apt uri
    uri=$(debian_uri)
    mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$dir"
    [ "$arch" = source ] && type=deb-src arch=amd64
    echo "$type [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${uri:?no Debian entry in apt sources} $suite main" >"$apt/sources.list"
    local o=(-o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$apt/lists"
        -o Dir::Cache="$apt" -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Sandbox::User=root)
    apt-get "${o[@]}" update -qq
    [ -z "${closure:-}" ] || mapfile -t all < <(apt-cache "${o[@]}" depends --recurse --no-recommends --no-suggests --no-conflicts \
        --no-breaks --no-replaces --no-enhances "$@" | grep -xP "$closure" | sort -u)
    if [ $type = deb-src ]; then
        (cd "$apt" && apt-get "${o[@]}" source --download-only -qq "${all[@]}")
        tar -C "$dir" --strip-components=1 -xf "$apt"/*.orig.tar.*
        basename -a "$apt"/*.dsc >"$dir/.packages"
    else
        (cd "$apt" && apt-get "${o[@]}" download -qq "${all[@]}")
        for d in "$apt"/*.deb; do dpkg -x "$d" "$dir"; done
        basename -a "$apt"/*.deb >"$dir/.packages"
    fi
    rm -rf "$apt"
}

# fetch_goroot DIR OVERLAY: Go 1.27's source, at DIR/usr/share/go-1.27, with the files that gc's own build would write and Debian's package leaves
# out: VERSION, and what OVERLAY, our overlay of the standard library, has in their place (vet reads GOROOT's files, not ours).
fetch_goroot() {
    local root=$1/usr/share/go-1.27 f
    rm -rf "$1"
    fetch "$1" trixie-backports amd64 golang-1.27-src
    (cd "$2/patch" && find . -name 'z*.go') | while read -r f; do cp "$2/patch/$f" "$root/src/$f"; done
    sed -n 's/^golang-1.27-src_\([0-9.]*\).*/go\1/p' "$1/.packages" >"$root/VERSION"
}
