import zh from 'apexcharts/dist/locales/zh-cn.json'
import en from 'apexcharts/dist/locales/en.json'
import { locale, nonce } from './core.js'
import { grid, xaxis, yaxis } from './chart_axes.js'
import { drawing } from './chart_drawing.js'
import { notes } from './chart_notes.js'
import { colors, fill, font, plotOptions, stroke } from './chart_paint.js'
import { css, ms, when } from './chart_words.js'

const short = locale.startsWith('zh') ? 'zh-cn' : 'en'

/** What ApexCharts is told for one chart spec. */
export function options(spec, height) {
  const d = drawing(spec, height)
  return {
    chart: chart(d),
    theme: { mode: 'dark' },
    series: series(d),
    labels: d.round ? spec.categories : undefined,
    colors: colors(d),
    stroke: stroke(d),
    fill: fill(d),
    plotOptions: plotOptions(d),
    dataLabels: {
      enabled: d.heat,
      formatter: d.format,
      style: { fontSize: '12px', fontFamily: font(), colors: [css('text')] },
    },
    markers: { size: 0, hover: { size: 4 }, strokeColors: css('raised') },
    grid: grid(d),
    legend: legend(d),
    xaxis: xaxis(d),
    yaxis: yaxis(d),
    tooltip: tooltip(d),
    annotations: d.round ? {} : notes(spec),
    states: { hover: { filter: { type: 'none' } }, active: { filter: { type: 'none' } } },
  }
}

const chart = ({ spec, height, type, time }) => ({
  id: spec.id,
  group: spec.group || undefined,
  type,
  height,
  nonce,
  stacked: spec.kind === 'stacked',
  background: 'transparent',
  foreColor: css('faint'),
  fontFamily: font(),
  locales: [en, zh],
  defaultLocale: short,
  redrawOnParentResize: true,
  animations: { enabled: false },
  toolbar: { show: false },
  zoom: { enabled: time, type: 'x', autoScaleYaxis: true },
  parentHeightOffset: 0,
  events: { zoomed: (drawn, { xaxis: range }) => zoomed(spec, drawn, range) },
})

/** Shows the way back; a chart that covers more than it holds asks the server for the range. */
function zoomed(spec, drawn, range) {
  const reset = drawn.el.closest('.card')?.querySelector('[data-chart-reset]')
  if (reset) reset.hidden = !range?.min
  if (!spec.rangeUrl || !range?.min) return
  const at = (v) => encodeURIComponent(new Date(v).toISOString())
  location.href = spec.rangeUrl.replace('{from}', at(range.min)).replace('{to}', at(range.max))
}

const moment = (p) => (Array.isArray(p) ? [ms(p[0]), p[1]] : { ...p, x: ms(p.x) })

function series({ spec, round, time, heat }) {
  if (round) return spec.series
  const list = (spec.series ?? []).map((s) => ({
    name: s.name,
    type: s.type,
    data: time ? s.data.map(moment) : s.data,
  }))
  // ApexCharts stacks the rows of a heatmap from the bottom up.
  return heat ? list.reverse() : list
}

const legend = ({ spec, type, round, heat }) => ({
  show: !heat && type !== 'radialBar' && (round || spec.series.length > 1),
  position: 'bottom',
  horizontalAlign: 'left',
  fontSize: '12px',
  markers: { size: 5, offsetX: -3 },
  itemMargin: { horizontal: 8 },
})

function tooltip({ spec, round, time, heat, say }) {
  const exact = when(spec.zone, { dateStyle: 'medium', timeStyle: 'short' })
  return {
    theme: 'dark',
    shared: !round && !heat,
    intersect: heat,
    x: { formatter: time ? (v) => exact.format(v) : undefined },
    y: { formatter: say },
  }
}
