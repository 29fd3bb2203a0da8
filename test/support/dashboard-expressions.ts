import { readFileSync } from 'node:fs';

/** Every query of the dashboard in deploy/grafana, with Grafana's variables still in it. */
export function dashboardExpressions(): readonly string[] {
  const text = readFileSync(new URL('../../deploy/grafana/longshore.json', import.meta.url), 'utf8');
  const { panels } = JSON.parse(text) as { panels: readonly { targets?: readonly { expr: string }[] }[] };
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
}
