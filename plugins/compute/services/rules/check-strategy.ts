import { upgradeStatefulStrategies, upgradeStrategies } from '../../profile-keys/workloads.ts';
import { isGiven, valueAt, type WorkloadRule } from './seen-workload.ts';

/** CMP-57: how a new version may be brought out. All words but RECREATE are a rolling update to Kubernetes. */
export const checkStrategy: WorkloadRule = ({ object, word, profile }) => {
  const isDeployment = word === 'DEPLOYMENT';
  if (!isDeployment && word !== 'STATEFUL_SET' && word !== 'DAEMON_SET') return [];
  const path = ['spec', isDeployment ? 'strategy' : 'updateStrategy'];
  const type = valueAt(object, [...path, 'type']);
  if (!isGiven(type)) return [];
  const offered: readonly string[] = isDeployment
    ? profile.get(upgradeStrategies)
    : profile.get(upgradeStatefulStrategies);
  const wanted = isDeployment
    ? type === 'Recreate'
      ? 'RECREATE'
      : undefined
    : type === 'OnDelete'
      ? 'ON_DELETE'
      : 'ROLLING';
  const isOffered = wanted === undefined ? offered.some((other) => other !== 'RECREATE') : offered.includes(wanted);
  if (isOffered) return [];
  const message = `The strategy must be one of ${offered.join(', ')} by the profile '${profile.name}', got ${String(type)}`;
  return [{ path: [...path, 'type'], code: 'not_offered', message }];
};
