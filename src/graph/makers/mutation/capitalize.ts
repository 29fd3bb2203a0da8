/** `scaleWorkload` → `ScaleWorkload`, for the names of its types. */
export const capitalize = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
