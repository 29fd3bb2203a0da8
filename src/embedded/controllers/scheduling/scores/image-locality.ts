import type { NodeInfo } from '../node-info.ts';
import { highestScore, type ScoreRule } from '../scheduling-rules.ts';

const megabyte = 1024 * 1024;
const smallest = 23 * megabyte;
const largestPerContainer = 1000 * megabyte;

/** Nodes that hold large images of the pod are better, the more so the more nodes hold them. */
export const imageLocality: ScoreRule = {
  plugin: 'ImageLocality',
  weight: 1,
  prepare(pod, { nodes: all }) {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const images = containers.map(({ image }) => normalizeImage(image));
    const spread = images.map(
      (image) => all.filter((node) => sizeOn(node, image) > 0).length / Math.max(1, all.length),
    );
    if (spread.every((share) => share === 0)) return undefined;
    const largest = largestPerContainer * containers.length;
    return (nodes) =>
      nodes.map((node) => {
        const sum = images.reduce(
          (total, image, index) => total + Math.floor(sizeOn(node, image) * (spread[index] ?? 0)),
          0,
        );
        const clamped = Math.min(largest, Math.max(smallest, sum));
        return Math.floor((highestScore * (clamped - smallest)) / (largest - smallest));
      });
  },
};

const imagesOfNodes = new WeakMap<object, ReadonlyMap<string, number>>();

function sizeOn({ node }: NodeInfo, image: string): number {
  const list = node.status?.images;
  if (list === undefined) return 0;
  let sizes = imagesOfNodes.get(list);
  if (sizes === undefined) {
    sizes = new Map(
      list.flatMap(({ names, sizeBytes }) => (names ?? []).map((name) => [name, sizeBytes ?? 0] as const)),
    );
    imagesOfNodes.set(list, sizes);
  }
  return sizes.get(image) ?? 0;
}

function normalizeImage(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;
}
