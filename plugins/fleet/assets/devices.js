/*
 * The form of a device: choosing what it is says what it usually measures and where it is found, unless
 * somebody said so already; registers are for devices without a map, transformers for meters. Without
 * this script all of it is there to be filled in.
 */
const DEFAULTS = ['measures', 'port', 'unit']

const formOf = (element) => element.closest?.('form[data-devices]')
const usualOf = (form) => JSON.parse(form.dataset.devices)[form.elements.map.value]

function show(form, name, isShown) {
  const field = form.elements[name]?.closest('.field')
  if (field) field.hidden = !isShown
}

function showWhatCounts(form) {
  const isOwn = form.elements.map.value === form.dataset.own
  show(form, 'registers', isOwn)
  for (const name of ['ctRatio', 'ptRatio']) {
    show(form, name, isOwn || usualOf(form)?.isMeter || form.elements[name].value !== '1')
  }
}

function fill(form) {
  const usual = form.dataset.fill && usualOf(form)
  if (!usual) return
  for (const name of DEFAULTS) {
    const control = form.elements[name]
    if (usual[name] !== null && !control.dataset.said) control.value = usual[name]
  }
}

document.addEventListener('change', (event) => {
  const form = formOf(event.target)
  if (!form) return
  if (event.target.name !== 'map') event.target.dataset.said = '1'
  else {
    showWhatCounts(form)
    fill(form)
  }
})

for (const form of document.querySelectorAll('form[data-devices]')) showWhatCounts(form)
