/** The loop that closes file browsers, and its keys: the place of the pod. */
export const fileBrowserReconcilerName = 'storage.fileBrowsers';

export interface BrowserPlace {
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
  readonly podUid: string;
}

/** No part of a place has a space in it. */
export const keyOfBrowser = ({ cluster, namespace, pod, podUid }: BrowserPlace): string =>
  [cluster, namespace, pod, podUid].join(' ');

export function placeOfBrowserKey(key: string): BrowserPlace {
  const [cluster = '', namespace = '', pod = '', podUid = ''] = key.split(' ');
  return { cluster, namespace, pod, podUid };
}
