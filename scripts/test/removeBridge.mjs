import { spawnSync } from 'node:child_process';

/** Removes an engine's bridge, and the firewall rules that name it: an engine leaves them behind, on a stop too. */
export function removeBridge({ name, subnet }) {
  for (const table of ['filter', 'nat']) {
    const { stdout } = spawnSync('iptables', ['-w', '-t', table, '-S'], { encoding: 'utf8' });
    for (const rule of (stdout ?? '').split('\n')) {
      const words = rule.split(' ');
      if (words[0] !== '-A' || !(words.includes(name) || words.includes(subnet))) continue;
      spawnSync('iptables', ['-w', '-t', table, '-D', ...words.slice(1)]);
    }
  }
  spawnSync('ip', ['link', 'delete', name]);
}
