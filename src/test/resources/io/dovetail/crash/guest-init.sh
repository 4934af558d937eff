#!/bin/busybox sh
# The first process of a guest: this machine's files below, the guest's changes in memory above, the hub's data on a
# disk, and then the hub.
box=/bin/busybox
$box mount -t proc proc /proc
$box mount -t sysfs sys /sys
$box mount -t devtmpfs dev /dev
for module in /modules/*; do $box insmod "$module"; done
$box ip link set lo up
$box ip addr add 10.0.2.15/24 dev eth0
$box ip link set eth0 up
$box mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000,cache=loose machine /machine
$box mount -t tmpfs changes /changes
$box mkdir /changes/files /changes/work
$box mount -t overlay -o lowerdir=/machine,upperdir=/changes/files,workdir=/changes/work overlay /root
for place in proc sys dev; do $box mount --move /$place /root/$place; done
$box mkdir -p '/root%DATA%' /root/outside /root/dev/shm
$box mount -t tmpfs -o mode=1777 shm /root/dev/shm
$box mount -t ext4 /root/dev/vda '/root%DATA%'
$box mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 outside /root/outside
# not a chroot, in which nobody can shed being root
exec $box switch_root /root /bin/sh -c '
    rm -f "%DATA%/run.json"
    (
        # who waits for it cannot see into this disk
        until [ -e "%DATA%/run.json" ]; do sleep 0.1; done
        cp "%DATA%/run.json" /outside/run.json.new
        mv /outside/run.json.new /outside/run.json
    ) &
    chroot --userspec=%OWNER% / sh /outside/hub.sh
    busybox poweroff -f'
