# Sourced by mvnw and retune: exports JAVA_HOME of a JDK 25 or later, or says in one line what to install.
# Looks at JAVA_HOME, then where Linux distributions, SDKMAN!, Gradle and IDEs put JDKs, then at the java on PATH.

retune_jdk_major() { # prints the major version of the JDK in directory $1; nothing when it is no JDK
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

retune_find_jdk() {
  retune_on_path=$(command -v javac 2>/dev/null) && retune_on_path=$(dirname "$(dirname "$(readlink -f "$retune_on_path")")")
  for retune_jdk in "${JAVA_HOME:-}" "${retune_on_path:-}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.gradle/jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    retune_major=$(retune_jdk_major "$retune_jdk") || continue
    if [ "${retune_major:-0}" -ge 25 ]; then
      JAVA_HOME=$retune_jdk
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}

if ! retune_find_jdk; then
  echo "retune: no JDK 25 or later found; install one (Debian and Ubuntu: openjdk-25-jdk, or Temurin 25) or set JAVA_HOME" >&2
  exit 1
fi
