"""What engine workers load: functions that change pictures, by Keras, KerasCV, OpenCV."""
