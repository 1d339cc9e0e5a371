import './devices.js'
import './map.js'
