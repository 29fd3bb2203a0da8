import { allMaybe, type ListRows, type MaybePromise, mapMaybe } from 'longshore/sdk';
import type { ApplicationPods, PodObject } from '../../api.ts';
import { podsOfWorkload } from '../find-pods.ts';
import { type MembershipRules, workloadsOfApplication } from './application-members.ts';

/** The pods of an application's workloads. */
export function createApplicationPods(rules: MembershipRules): ApplicationPods {
  return {
    podsOf(application, reader) {
      const found = mapMaybe(workloadsOfApplication(application, reader, rules), ({ items, problems = [] }) => {
        const pods = allMaybe([...items].map((workload) => podsOfWorkload(reader, workload)));
        return mapMaybe(pods, (lists) => ({ items: lists.flat(), problems }));
      });
      return found as MaybePromise<ListRows<PodObject>>;
    },
  };
}
