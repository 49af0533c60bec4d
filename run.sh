#!/usr/bin/env bash
# Builds Vertask when that is needed, then runs it: ./run.sh -h lists what it can do.
#   JAVA_HOME           the JDK to use, 17 or later; without it, the java on the PATH
#   VERTASK_JAVA_OPTS   more flags for the JVM; they win over the ones below
#   VERTASK_CLASSPATH   jars and folders with classes of your own, for jobs that `call` them
set -euo pipefail

fail() { # what and where, the fix
  printf 'run.sh: %s\n        %s\n' "$1" "$2" >&2
  exit 3
}

find_home() { # the folder of this file, also when it is called through a link
  local self=${BASH_SOURCE[0]} target
  while [ -L "$self" ]; do
    target=$(readlink "$self")
    case $target in /*) self=$target ;; *) self=$(dirname "$self")/$target ;; esac
  done
  case $self in */*) home=${self%/*} ;; *) home=. ;; esac # dirname would be one more process
  home=$(cd -P "${home:-/}" && pwd)
}

# Sets java, jdk (its full version, which the archive is valid for) and feature (17, 21, 25, ...).
find_java() {
  local line release
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || fail "JAVA_HOME is '$JAVA_HOME', but there is no bin/java in it" "set JAVA_HOME to a JDK 17 or later, or unset it to use the java on the PATH"
  else
    java=$(command -v java) || fail "no java found" "install a JDK 17 or later, or set JAVA_HOME to one"
  fi
  jdk=
  release=$(readlink -f "$java" 2>/dev/null) && release=${release%/bin/java}/release
  if [ -f "$release" ]; then # asking the file takes no time; asking the JVM takes a tenth of a second
    while IFS= read -r line; do
      case $line in
        JAVA_RUNTIME_VERSION=*) jdk=${line#*=} && break ;;
        JAVA_VERSION=*) jdk=${line#*=} ;;
      esac
    done <"$release"
  fi
  if [ -z "$jdk" ]; then
    line=$("$java" -version 2>&1) || fail "'$java' does not run" "install a JDK 17 or later, or set JAVA_HOME to one"
    case $line in *\"*\"*) jdk=${line#*\"} jdk=${jdk%%\"*} ;; esac
  fi
  jdk=${jdk//\"/}
  feature=${jdk#1.} # 1.8 was Java 8
  feature=${feature%%[!0-9]*}
  [ "${feature:-0}" -ge 17 ] || fail "'$java' is Java ${jdk:-of an unknown version}; Vertask needs 17 or later" "install a JDK 17 or later, or set JAVA_HOME to one"
}

# True when there is no jar, its build was cut short, or a source is newer. A folder counts: it is newer when a file in it
# was deleted.
stale() {
  [ ! -f "$jar" ] || [ -f "$jar.building" ] || [ -n "$(find "$home/pom.xml" "$home/LICENSE" "$home/src/main" -newer "$jar" 2>/dev/null)" ]
}

build() {
  local maven_opts=${MAVEN_OPTS:-} began=$SECONDS
  command -v mvn >/dev/null || fail "no mvn found, and Vertask has to be built first" "install Maven 3.8 or later, or build elsewhere and copy the folder 'target'"
  [ -x "$(dirname "$(readlink -f "$java")")/javac" ] || command -v javac >/dev/null ||
    fail "no javac found, and Vertask has to be built first" "install a JDK 17 or later (a JRE is not enough), or set JAVA_HOME to one"
  # Maven 3.8 uses what JDK 24 warns of.
  [ "$feature" -lt 24 ] || maven_opts="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED $maven_opts"
  echo "building Vertask ..." >&2
  # A running Vertask keeps the file that it has open, and a failed build leaves no old jar behind.
  rm -f "$jar"
  mkdir -p "$home/target" && : >"$jar.building"
  MAVEN_OPTS=$maven_opts mvn -q -B -ntp -f "$home/pom.xml" -Dmaven.test.skip=true -Dspotless.check.skip=true package </dev/null >&2 ||
    fail "the build failed; its messages are above" "mvn -f '$home/pom.xml' -Dmaven.test.skip=true package   shows all of them"
  rm -f "$jar.building"
  [ -f "$jar" ] || fail "the build made no '$jar'" "mvn -f '$home/pom.xml' -Dmaven.test.skip=true package   shows why"
  echo "built in $((SECONDS - began)) s" >&2
}

# The JVM reads arguments, variables and file names as the locale says. A locale that knows only ASCII, which is what cron
# has, would garble them: a UTF-8 one takes its place. bash itself tells whether the locale is a UTF-8 one.
see_to_utf8() {
  local letter=$'\xc3\xa9' name
  [ ${#letter} -ne 1 ] || return 0
  case $(locale charmap 2>/dev/null) in '' | ANSI_X3.4-1968 | US-ASCII | 646) ;; *) return 0 ;; esac
  for name in C.UTF-8 C.utf8 en_US.UTF-8 en_US.utf8; do
    (
      LC_ALL=$name
      [ ${#letter} -eq 1 ]
    ) 2>/dev/null || continue
    # LC_ALL only where it is set already: it would also replace the language
    if [ -n "${LC_ALL:-}" ]; then export LC_ALL=$name; else export LC_CTYPE=$name; fi
    return 0
  done
}

# Short runs that load what most runs load (a job whose one request is refused, calls that are answered); the classes they
# saw go into the start-up archive, which shortens the start. A static one: the JVM leaves classes of old class file
# versions, the parser of the command line has such, out of one that is written at the end of a run. When it can't be made,
# an empty one stands for that: the JVM ignores it. Being too slow on a busy machine is not that: a start ten minutes later
# tries again, three times in all.
train() {
  local new=$archive.$$ limit= cut=
  trap 'rm -f "$archive.$$" "$archive.$$".*; exit 130' INT
  command -v timeout >/dev/null && limit="timeout 20"
  record "$new.1" "$home/conf/url_status.yaml" http://127.0.0.1:1/ -q
  record "$new.2" tour parallel-api
  # numbers, which newer JDKs write, and a line that comes twice would end the JVM
  sed '/ source: /d; s/ id: [0-9]*$//' "$new.1" "$new.2" 2>/dev/null | awk '!seen[$0]++' >"$new.classes" || true
  if [ -z "$cut" ]; then
    ($limit "$java" -Xlog:disable -Xshare:dump -XX:ErrorFile=/dev/null -XX:SharedClassListFile="$new.classes" \
      -XX:SharedArchiveFile="$new" -cp "$jar" </dev/null >/dev/null 2>&1) 2>/dev/null || note_cut $?
  fi
  if [ -n "$cut" ] && [ "$(cuts)" -lt 2 ]; then
    rm -f "$new"
    printf x >>"$archive.cut"
  else
    [ -f "$new" ] || : >"$new"
    mv -f "$new" "$archive"
    rm -f "$archive.cut"
  fi
  rm -f "$new".*
  trap 'exit 130' INT
}

note_cut() { # 124 is what `timeout` says
  [ "$1" -ne 124 ] || cut=yes
}

cuts() { # how often the training was cut short
  local tries=
  [ ! -f "$archive.cut" ] || IFS= read -r tries <"$archive.cut" || true
  echo ${#tries}
}

# True when there is no archive for this jar, unless making one was cut short a moment ago.
untrained() {
  { [ ! -f "$archive" ] || [ "$jar" -nt "$archive" ]; } &&
    { [ ! -f "$archive.cut" ] || [ "$jar" -nt "$archive.cut" ] || [ -n "$(find "$archive.cut" -mmin +10 2>/dev/null)" ]; }
}

# The classes that this command loads, into the file $1. In the folder 'target', for a run leaves its results where it is.
record() {
  local list=$1
  shift
  [ -z "$cut" ] || return 0
  (cd "$home/target" && $limit "$java" "${flags[@]}" -Xshare:off -XX:DumpLoadedClassList="$list" -jar "$jar" "$@" </dev/null >/dev/null 2>&1) || note_cut $?
}

trap 'exit 130' INT # also when a child shrugs it off
find_home
find_java
see_to_utf8
readonly jar=$home/target/vertask.jar
readonly archive=$home/target/start-${jdk//[!A-Za-z0-9._+-]/_}.jsa

# Warnings of the JVM itself and its answer to SIGQUIT go to stderr, not to stdout where results go; an archive that doesn't
# fit is no news.
# Netty's events for Java Flight Recorder would load all of that at each start.
flags=(-XX:+UseSerialGC -XX:-UsePerfData -Xshare:auto -Xlog:disable -XX:+DisplayVMOutputToStderr -Dio.netty.jfr.enabled=false)
if [ "$feature" -ge 24 ]; then
  # Native access is allowed in the manifest: as a flag it would cost part of the archive.
  flags+=(--sun-misc-unsafe-memory-access=allow -Xlog:all=warning,cds*=off,aot*=off:stderr)
else
  flags+=(-Xlog:all=warning,cds*=off:stderr)
fi

# Who starts Vertask holds the lock together with others; who builds holds it alone.
if command -v flock >/dev/null && { [ -d "$home/target" ] || mkdir -p "$home/target" 2>/dev/null; } && [ -w "$home/target" ]; then
  exec 9>"$home/target/run.lock"
  lock() {
    flock -w 2 "$1" 9 || {
      echo "waiting for another run.sh, which is building ..." >&2
      flock "$1" 9
    }
  }
else
  exec 9</dev/null
  lock() { :; }
fi
lock -s
if stale; then
  lock -x
  ! stale || build # not when another run.sh has built it while we waited
fi
if untrained && [ -w "$home/target" ]; then
  lock -x
  if untrained; then train; fi
fi
[ ! -s "$archive" ] || flags+=(-XX:SharedArchiveFile="$archive")
# A command that ends soon never repays the second compiler; a node does.
[ "${1:-}" = serve ] || flags+=(-XX:TieredStopAtLevel=1)

# Not handed on to Vertask, which would hold the lock until it ends.
exec 9>&-
# shellcheck disable=SC2086  # the options are split on purpose
if [ -n "${VERTASK_CLASSPATH:-}" ]; then
  exec "$java" "${flags[@]}" ${VERTASK_JAVA_OPTS:-} -cp "$jar:$VERTASK_CLASSPATH" io.vertask.app.Main "$@"
fi
# shellcheck disable=SC2086
exec "$java" "${flags[@]}" ${VERTASK_JAVA_OPTS:-} -jar "$jar" "$@"
