/** From the best to the worst: sources agree, a file said so, only one could be asked, they disagree. */
export const QUALITIES = ['agreed', 'imported', 'single', 'disputed'] as const
export type Quality = (typeof QUALITIES)[number]

/** What is computed from several values is as good as the worst of them. */
export const worstQuality = (qualities: readonly Quality[]): Quality =>
  QUALITIES[Math.max(...qualities.map((quality) => QUALITIES.indexOf(quality)))]!
