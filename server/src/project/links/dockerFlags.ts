/*
 * Flags that take the next word as their value, per command; from the reference pages of docker, buildx, compose,
 * podman and kaniko, 2026-11. A flag that may stand alone (`--pull` of build) is not among them.
 */

export const engineFlags = flagSet(
  '-H --host -c --context --config -l --log-level --tlscacert --tlscert --tlskey --connection --root --runroot --namespace -n --address -a',
);
export const buildFlags = flagSet(
  '--add-host --allow --annotation --arch --attest --authfile --build-arg --build-context --builder --cache-from --cache-to --call --cap-add --cap-drop --cgroup-parent --cpu-period --cpu-quota --cpu-shares --cpuset-cpus --cpuset-mems --creds --device --dns --env --file --format --from --ignorefile --iidfile --isolation --jobs --label --logfile --manifest --memory --memory-swap --metadata-file --network --no-cache-filter --os --output --platform --policy --progress --provenance --retry --sbom --secret --security-opt --shm-size --sign-by --ssh --tag --target --timestamp --ulimit --unsetenv --userns --variant --volume -c -f -m -o -t -v',
);
export const bakeFlags = flagSet(
  '--allow --annotation --builder --call --file --list --metadata-file --progress --provenance --sbom --set --var -f',
);
export const composeFlags = flagSet(
  '--ansi --env-file --file --parallel --profile --progress --project-directory --project-name -f -p -H --host -c --context',
);
export const runFlags = flagSet(
  '--add-host --annotation --attach --blkio-weight --cap-add --cap-drop --cgroup-parent --cgroupns --cidfile --cpu-period --cpu-quota --cpu-shares --cpus --cpuset-cpus --cpuset-mems --device --device-cgroup-rule --device-read-bps --device-write-bps --dns --dns-option --dns-search --domainname --entrypoint --env --env-file --expose --gpus --group-add --health-cmd --health-interval --health-retries --health-start-period --health-start-interval --health-timeout --hostname --ip --ip6 --ipc --isolation --kernel-memory --label --label-file --link --link-local-ip --log-driver --log-opt --mac-address --memory --memory-reservation --memory-swap --memory-swappiness --mount --name --network --network-alias --oom-score-adj --pid --pids-limit --platform --pod --publish --pull --restart --runtime --secret --security-opt --shm-size --stop-signal --stop-timeout --storage-opt --sysctl --tmpfs --ulimit --user --userns --uts --volume --volume-driver --volumes-from --workdir -a -c -e -h -l -m -p -u -v -w',
);
export const otherFlags = flagSet(
  '-u --username -p --password --platform --authfile --creds --format --compression-format',
);
export const kanikoFlags = flagSet(
  '--build-arg --cache-dir --cache-repo --context --context-sub-path --custom-platform --destination --dockerfile --label --registry-mirror --snapshot-mode --target --verbosity -c -d -f',
);

/** Of what follows compose's action: `compose build --build-arg A=b web`. */
export const actionFlags = flagSet(
  '--build-arg --scale --timeout -t --wait-timeout --exit-code-from --progress --ssh --memory -m --name -e --env -v --volume -p --publish -u --user -w --workdir --entrypoint',
);
export const builderFlags = flagSet('--builder');

function flagSet(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
