# An image with vole and Go 1.27's source:
#   docker build -t vole . && docker run --rm -v "$PWD:/src" -w /src vole build ./...
# ./dev builds what the package is made of; what is left has the package and what it depends on.
FROM debian:12 AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates git && rm -rf /var/lib/apt/lists/*
COPY . /vole
WORKDIR /vole
RUN ./dev build && apt-get install -y --no-install-recommends dpkg-dev && cd build/release && cpack -G DEB -B /packages

FROM debian:12
COPY --from=build /packages/vole_*.deb /tmp/
RUN apt-get update && apt-get install -y --no-install-recommends /tmp/vole_*.deb gcc git && /usr/lib/vole/setup && rm -rf /tmp/vole_*.deb /var/lib/apt/lists/*
ENTRYPOINT ["vole"]
