import { asInstallation } from '#core/installation'

export interface Point {
  series: string
  value: number
  at: Date
  quality?: string
}

const SOURCE = 'test market'

/** Stores market values; every test that does forgets them again, since all tenants share them. */
export const storeMarket = (points: readonly Point[]) =>
  asInstallation((trx) =>
    trx
      .knexQuery()
      .table('market_points')
      .insert(
        points.map((point) => ({
          quality: 'agreed',
          ...point,
          source: SOURCE,
          imported_at: new Date(),
        }))
      )
  )

export const forgetMarket = async () => {
  await asInstallation((trx) => trx.from('market_points').where('source', SOURCE).delete())
}
