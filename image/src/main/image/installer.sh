#!/bin/busybox sh
# What the pod of deploy/installer runs: puts Retune on the node it runs on, then only waits. A new image is a new
# pod, and with it an upgrade; to end this pod changes nothing on the node.
#   installer.sh install [FLAGS of retune node install]
#   installer.sh uninstall [FLAGS of retune node uninstall]
# The image has nothing but busybox, this script and Retune's archive. With the host's PIDs in sight, the host sees
# this container's files below /proc/PID/root: so all that is written on the host is written in the host's own mount
# namespace, where /opt may be a link or a mount of its own.
set -u

incoming=/opt/retune/.incoming
me=/proc/$$/root
node=${NODE_NAME:-}

say() { echo "retune installer: $*"; }

fail() { # what is wrong, what to do
  say "${node:-this node}: $1" >&2
  say "next: $2" >&2
  exit 1
}

on_host() {
  nsenter -t 1 -m -u -i -n -p -- "$me/bin/busybox" env -i \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"
}

host_tool() { on_host "$me/bin/busybox" "$@"; }

clean_up() {
  host_tool rm -rf "$incoming"
  host_tool rmdir --ignore-fail-on-non-empty /opt/retune
}

case ${1-} in
  install | uninstall) what=$1 && shift ;;
  *) fail "\"${1-}\" is no task" "the container's first argument is install or uninstall" ;;
esac
[ -n "$node" ] ||
  fail "NODE_NAME is not set" "set it from spec.nodeName in the pod's spec, as deploy/installer does"
[ $$ -ne 1 ] ||
  fail "the host's processes cannot be seen" "set hostPID: true in the pod's spec, as deploy/installer does"
host_tool true ||
  fail "the host's namespaces cannot be entered" "set securityContext.privileged: true, as deploy/installer does"
host_tool test -d /run/systemd/system ||
  fail "its init is not systemd, which Retune needs" "keep the DaemonSet off such nodes with a nodeSelector"

# One pod a node: what is there is of a pod that was ended on the way.
host_tool rm -rf "$incoming"
host_tool mkdir -p "$incoming" && host_tool tar -xzof - -C "$incoming" </retune.tar.gz || {
  clean_up
  fail "cannot unpack Retune to $incoming" "see that /opt can be written and has 200 MB free"
}
retune=$incoming/retune-$RETUNE_VERSION/bin/retune
if [ "$what" = install ]; then
  on_host "$retune" node install --node-name="$node" "$@"
else
  on_host "$retune" node uninstall "$@"
fi
result=$?
clean_up
[ $result -eq 0 ] ||
  fail "retune node $what ended with $result" "see the lines above; it is tried again, which does no harm"
if [ "$what" = uninstall ]; then
  say "$node: Retune $RETUNE_VERSION has taken itself away"
else
  say "$node: Retune $RETUNE_VERSION is in place"
fi
: >/ready # for the readiness probe
exec sleep infinity
